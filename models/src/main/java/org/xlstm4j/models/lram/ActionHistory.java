package org.xlstm4j.models.lram;

/**
 * What the windowed mode remembers: the last steps' observations, as embeddings, returns, rewards
 * and actions, in a ring.
 */
final class ActionHistory {
  private final TokenLayout layout;
  private final int window;
  private final int width;
  private final int paddingAction;
  private final float[] padding;
  private final float[] states;
  private final float[] returns;
  private final float[] rewards;
  private final int[] actions;

  /**
   * An empty history.
   *
   * @param window steps it holds, at least 1
   * @param padding embedding of the observation that pads on the left
   * @param paddingAction the action token that pads on the left
   */
  ActionHistory(TokenLayout layout, int window, float[] padding, int paddingAction) {
    this.layout = layout;
    this.window = window;
    this.width = padding.length;
    this.padding = padding.clone();
    this.paddingAction = paddingAction;
    states = new float[Math.multiplyExact(window, width)];
    returns = new float[window];
    rewards = new float[window];
    actions = new int[window * layout.actionTokens()];
  }

  /** Notes what is known when a step begins. */
  void begin(long step, float[] state, float returnToGo) {
    int slot = slot(step);
    System.arraycopy(state, 0, states, slot * width, width);
    returns[slot] = returnToGo;
  }

  /** Notes what a step brought. */
  void reward(long step, float reward) {
    rewards[slot(step)] = reward;
  }

  /** Notes the action of a step. */
  void action(long step, int[] tokens) {
    int at = slot(step) * layout.actionTokens();
    System.arraycopy(tokens, 0, actions, at, layout.actionTokens());
  }

  /** Adds the window's tokens, up to the one that decides the action of {@code step}. */
  void fill(TokenQueue queue, long step) {
    for (long past = step - window + 1; past <= step; past++) {
      boolean there = past >= 0;
      int slot = slot(past);
      long number = Math.max(past, 0);
      queue.addState(there ? states : padding, there ? slot * width : 0, number);
      if (layout.returnToken()) {
        queue.addReturn(there ? returns[slot] : 0, number);
      }
      if (past == step) {
        return;
      }
      for (int i = 0; i < layout.actionTokens(); i++) {
        queue.addAction(there ? actions[slot * layout.actionTokens() + i] : paddingAction, number);
      }
      if (layout.rewardToken()) {
        queue.addReward(there ? rewards[slot] : 0, number);
      }
    }
  }

  private int slot(long step) {
    return Math.floorMod(step, window);
  }
}
