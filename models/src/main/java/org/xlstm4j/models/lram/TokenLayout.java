package org.xlstm4j.models.lram;

/**
 * The tokens of one control step, in their order: state, return-to-go, the action's dimensions,
 * reward; all but the state are optional. The i-th dimension of an action is predicted by the token
 * before its own, or by the last of state and return if actions are no tokens.
 *
 * @param returnToken whether there is a return-to-go
 * @param actionTokens dimensions of the action that are tokens, 0 if actions are no inputs
 * @param rewardToken whether there is a reward
 */
record TokenLayout(boolean returnToken, int actionTokens, boolean rewardToken) {
  /**
   * The layout of a task.
   *
   * @param config the model's options
   * @param actionColumns dimensions of the action as the model sees it, padding included
   */
  static TokenLayout of(LramConfig config, int actionColumns) {
    // The original appends the actions when there is a return but no reward, asked to or not.
    boolean actions = config.actionTokens() || (config.returnTokens() && !config.rewardTokens());
    return new TokenLayout(
        config.returnTokens(), actions ? actionColumns : 0, config.rewardTokens());
  }

  /** Tokens of a step. */
  int tokens() {
    return 1 + (returnToken ? 1 : 0) + actionTokens + (rewardToken ? 1 : 0);
  }

  /** Place of the token that predicts the first dimension of the action. */
  int deciding() {
    return returnToken ? 1 : 0;
  }
}
