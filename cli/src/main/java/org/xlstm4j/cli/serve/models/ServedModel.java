package org.xlstm4j.cli.serve.models;

import java.nio.file.Path;
import org.xlstm4j.models.Model;

/**
 * An open model.
 *
 * @param name that clients call it by
 * @param folder of its files
 * @param model itself
 */
public record ServedModel(String name, Path folder, Model model) {}
