package org.xlstm4j.cli.serve.models;

import java.nio.file.Path;
import java.util.List;
import org.xlstm4j.models.Model;

/**
 * An open model.
 *
 * @param name that clients call it by
 * @param folder of its files
 * @param model itself
 * @param capabilities what it is for, in the words of the endpoints that use it
 */
public record ServedModel(String name, Path folder, Model model, List<String> capabilities) {}
