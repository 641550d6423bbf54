/**
 * The architectures, each a {@link org.xlstm4j.models.ModelFamily} in a package of its own, and
 * what models are for: texts, pictures, control, forecasts and embeddings of series, sequences.
 */
module org.xlstm4j.models {
  requires transitive org.xlstm4j.loader;

  exports org.xlstm4j.models;
  exports org.xlstm4j.models.action;
  exports org.xlstm4j.models.blocks;
  exports org.xlstm4j.models.chat;
  exports org.xlstm4j.models.embedding;
  exports org.xlstm4j.models.forecast;
  exports org.xlstm4j.models.image;
  exports org.xlstm4j.models.language;
  exports org.xlstm4j.models.sequence;
  exports org.xlstm4j.models.vision;

  uses org.xlstm4j.models.ModelFamily;

  provides org.xlstm4j.models.ModelFamily with
      org.xlstm4j.models.large.XlstmLargeFamily,
      org.xlstm4j.models.lram.LramFamily,
      org.xlstm4j.models.tirex.TirexFamily,
      org.xlstm4j.models.tirex2.Tirex2Family,
      org.xlstm4j.models.vil.VilFamily,
      org.xlstm4j.models.xlstm.BlockStackFamily,
      org.xlstm4j.models.xlstm.PaperLanguageFamily;
}
