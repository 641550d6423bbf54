/** The architectures: xLSTM language models, Vision-LSTM, LRAM and TiRex. */
module org.xlstm4j.models {
  requires transitive org.xlstm4j.loader;

  exports org.xlstm4j.models;
  exports org.xlstm4j.models.action;
  exports org.xlstm4j.models.image;
  exports org.xlstm4j.models.language;
  exports org.xlstm4j.models.tirex;
  exports org.xlstm4j.models.vision;
}
