/** An example of a module that adds a family of models to xlstm4j. */
module example.decay {
  requires org.xlstm4j.models;

  provides org.xlstm4j.models.ModelFamily with
      example.decay.DecayFamily;
}
