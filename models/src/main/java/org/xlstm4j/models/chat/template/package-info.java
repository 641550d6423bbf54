/**
 * An evaluator of the part of the Jinja language that chat templates use. It can do nothing but
 * make a text: no reflection, no files, and bounds on steps, depth and length.
 */
@NullMarked
package org.xlstm4j.models.chat.template;

import org.jspecify.annotations.NullMarked;
