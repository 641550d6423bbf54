package org.xlstm4j.models.language;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.tokenizer.StreamingDecoder;

/**
 * A text while it is being generated, to be walked through once, piece by piece:
 *
 * <pre>{@code
 * for (TextPiece piece : generator.stream(prompt, options)) {
 *   System.out.print(piece.text());
 * }
 * }</pre>
 *
 * <p>A piece is computed when it is asked for, as soon as some text is certain: a character that is
 * not complete yet, or the beginning of what may become a stop string, waits. Special tokens have
 * no text.
 *
 * <p>Belongs to one thread, but for {@link #cancel}. An interrupt of that thread cancels, too, and
 * stays set. An exception out of the model's computation ends the text.
 */
public final class TextStream implements Iterable<TextPiece> {
  private final LanguageSession session;
  private final ModelTokenizer tokenizer;
  private final int[] prompt;
  private final int maxTokens;
  private final Sampler sampler;
  private final StreamingDecoder decoder;
  private final StopFilter stops;
  private final @Nullable LogProbabilities probabilities;
  private final List<TokenChoice> choices = new ArrayList<>();

  private volatile boolean cancelled;
  private @Nullable TextPiece next;
  private @Nullable EndReason end;

  /** The token that was chosen last and not fed yet, or -1. */
  private int pending = -1;

  private int fed;
  private int generated;

  /** The tokens generated and fed, but for the one that is pending. */
  private int[] continued = new int[16];

  private int continuedCount;
  private long promptNanos;
  private long generationNanos;

  /**
   * A text.
   *
   * @param session where it goes on
   * @param prompt tokens to feed first; none if the session has logits to go on from
   * @param fed how many of them it has been fed already
   */
  TextStream(
      LanguageSession session,
      ModelTokenizer tokenizer,
      int[] prompt,
      int fed,
      GenerationOptions options) {
    this.session = session;
    this.tokenizer = tokenizer;
    this.prompt = prompt;
    this.fed = fed;
    maxTokens = options.maxTokens();
    sampler =
        options.seed().isPresent()
            ? new Sampler(options.sampling(), options.seed().getAsLong())
            : new Sampler(options.sampling());
    decoder = tokenizer.tokenizer().streamingDecoder();
    stops = new StopFilter(options.stops());
    probabilities =
        options.logProbabilities().isPresent()
            ? new LogProbabilities(tokenizer.choices(), options.logProbabilities().getAsInt())
            : null;
    for (int i = 0; i < fed; i++) {
      sampler.remember(prompt[i]);
    }
  }

  /** All iterators walk through the same text, of which each piece comes once. */
  @Override
  public Iterator<TextPiece> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        if (next == null && end == null) {
          next = piece();
        }
        return next != null;
      }

      @Override
      public TextPiece next() {
        if (!hasNext() || next == null) {
          throw new NoSuchElementException("the text has ended");
        }
        TextPiece piece = next;
        next = null;
        return piece;
      }
    };
  }

  /**
   * Ends the text soon: before the next token, or within the prompt before its next 512. May be
   * called from any thread and at any time.
   */
  public void cancel() {
    cancelled = true;
  }

  /**
   * Ends the text here, unless it has ended, and tells what it took. Afterwards the session has
   * been fed with all that was generated but an end token, and can go on from here; before, the
   * last token may be missing.
   *
   * @return what it took, and why it ended
   */
  public Usage finish() {
    if (end == null) {
      feedPending();
      end = EndReason.CANCELLED;
    }
    next = null;
    return new Usage(
        fed, generated, Duration.ofNanos(promptNanos), Duration.ofNanos(generationNanos), end);
  }

  /** The next piece, or null at the end. */
  private @Nullable TextPiece piece() {
    boolean whole = false;
    try {
      while (feedPrompt()) {
        // part after part
      }
      long start = System.nanoTime();
      @Nullable TextPiece piece = null;
      while (piece == null && end == null) {
        feedPending();
        piece = choose();
      }
      whole = true;
      generationNanos += System.nanoTime() - start;
      return piece;
    } finally {
      if (!whole) {
        end = EndReason.CANCELLED;
      }
    }
  }

  /**
   * Feeds the next 512 tokens of the prompt, or what is left of it. Need not be called: the prompt
   * is fed before the first piece in any case.
   *
   * @return whether there is more
   */
  public boolean feedPrompt() {
    if (fed == prompt.length || isCancelled()) {
      return false;
    }
    long start = System.nanoTime();
    int count = Math.min(LanguageNetwork.CHUNK, prompt.length - fed);
    int[] part = Arrays.copyOfRange(prompt, fed, fed + count);
    for (int token : part) {
      sampler.remember(token);
    }
    session.feed(part);
    fed += count;
    promptNanos += System.nanoTime() - start;
    return fed < prompt.length && !isCancelled();
  }

  /** Where the text goes on. */
  LanguageSession session() {
    return session;
  }

  /** The token that the session is to be fed before the next one is chosen, or -1 for none. */
  int pending() {
    return pending;
  }

  /** Somebody else has fed the session its token. */
  void pendingWasFed(long nanos) {
    pendingIsFed();
    generationNanos += nanos;
  }

  private void pendingIsFed() {
    if (continuedCount == continued.length) {
      continued = Arrays.copyOf(continued, 2 * continuedCount);
    }
    continued[continuedCount++] = pending;
    pending = -1;
  }

  /**
   * The tokens that the session has been fed with for this text so far.
   *
   * @return those of the prompt, also such as were fed before, and those generated behind it
   */
  public int[] tokens() {
    int[] tokens = Arrays.copyOf(prompt, fed + continuedCount);
    System.arraycopy(continued, 0, tokens, fed, continuedCount);
    return tokens;
  }

  /**
   * Whether the text has ended.
   *
   * @return true once the last piece was given
   */
  public boolean ended() {
    return end != null;
  }

  /** Chooses a token, or ends the text; null if no text is certain with it. */
  @Nullable TextPiece choose() {
    String text = chosen();
    if (text.isEmpty() && (end == null || choices.isEmpty())) {
      return null;
    }
    TextPiece piece = new TextPiece(text, choices);
    choices.clear();
    return piece;
  }

  private String chosen() {
    if (isCancelled()) {
      return ended(EndReason.CANCELLED);
    }
    if (generated == maxTokens) {
      return ended(EndReason.MAX_TOKENS);
    }
    float[] logits = session.logits();
    int token = sampler.next(logits, tokenizer.choices());
    generated++;
    if (probabilities != null) {
      choices.add(probabilities.of(logits, token));
    }
    if (tokenizer.special().ends().contains(token)) {
      return ended(EndReason.END_TOKEN);
    }
    pending = token;
    String text = hasText(token) ? stops.append(decoder.append(token)) : "";
    if (stops.stopped()) {
      feedPending();
      end = EndReason.STOP;
    }
    return text;
  }

  private boolean hasText(int token) {
    return tokenizer.tokenizer().contains(token) && !tokenizer.tokenizer().isSpecial(token);
  }

  private void feedPending() {
    if (pending >= 0) {
      int token = pending;
      pendingIsFed();
      session.step(token);
    }
  }

  /** Ends the text and gives what was held back. */
  private String ended(EndReason reason) {
    String text = stops.append(decoder.flush()) + stops.flush();
    end = stops.stopped() ? EndReason.STOP : reason;
    return text;
  }

  private boolean isCancelled() {
    return cancelled || Thread.currentThread().isInterrupted();
  }
}
