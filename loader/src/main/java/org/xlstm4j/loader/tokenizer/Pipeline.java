package org.xlstm4j.loader.tokenizer;

/**
 * The stations from text to ids; immutable.
 *
 * @param added the tokens looked for first
 * @param normalizes whether the text is put in normalization form C
 * @param preTokenizer how the text is cut into words
 * @param model how words are split into tokens
 */
record Pipeline(
    AddedTokens added, boolean normalizes, PreTokenizer preTokenizer, BytePairModel model) {}
