/** A family of models of its own, for every tool of xlstm4j. */
module example.decay {
  requires org.xlstm4j.models;

  provides org.xlstm4j.models.ModelFamily with
      example.decay.DecayFamily;
}
