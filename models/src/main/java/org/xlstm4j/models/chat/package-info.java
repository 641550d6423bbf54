/**
 * Conversations: messages, the templates that make texts of them, and sessions that go on from turn
 * to turn.
 */
@NullMarked
package org.xlstm4j.models.chat;

import org.jspecify.annotations.NullMarked;
