/* Times llama.cpp as one of the runtimes of bench/run: prompts and decoding of a GGUF file.
 *
 *   llama_decode LIBRARIES MODEL.gguf THREADS tg32|pp512|tg32@1000|first REPEATS
 *
 * LIBRARIES is the folder with libllama and ggml's back ends, which are chosen for this processor.
 * Prints one line of JSON. `first` prints a line as soon as the first token is known instead, for
 * measuring the start of the process.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The part of llama.cpp's public interface that is used here. The parameters' structures grow with
 * every release; only their first fields are used, which have long stayed where they are. They are
 * passed by value as the last argument, so that more room than the library expects does no harm. */
enum { SPARE = 1024 };
struct model_parameters {
  char fields[SPARE];
};
struct context_parameters {
  uint32_t context, batch, physical_batch;
  char fields[SPARE];
};
struct batch {
  int32_t count;
  int32_t *token;
  float *embedding;
  int32_t *position, *sequences;
  int32_t **sequence;
  int8_t *logits;
};
struct llama_model;
struct llama_context;
struct llama_memory;
struct llama_vocab;

void ggml_backend_load_all_from_path(const char *);
void llama_log_set(void (*)(int, const char *, void *), void *);
void llama_backend_init(void);
struct model_parameters llama_model_default_params(void);
struct context_parameters llama_context_default_params(void);
struct llama_model *llama_model_load_from_file(const char *, struct model_parameters);
struct llama_context *llama_init_from_model(struct llama_model *, struct context_parameters);
const struct llama_vocab *llama_model_get_vocab(const struct llama_model *);
int32_t llama_vocab_n_tokens(const struct llama_vocab *);
uint64_t llama_model_size(const struct llama_model *);
uint64_t llama_model_n_params(const struct llama_model *);
uint32_t llama_n_ctx(const struct llama_context *);
void llama_set_n_threads(struct llama_context *, int32_t, int32_t);
struct llama_memory *llama_get_memory(const struct llama_context *);
void llama_memory_clear(struct llama_memory *, bool);
struct batch llama_batch_get_one(int32_t *, int32_t);
int32_t llama_decode(struct llama_context *, struct batch);
float *llama_get_logits_ith(struct llama_context *, int32_t);
const char *llama_version(void) __attribute__((weak));
const char *llama_print_system_info(void);

enum { CHECKED_TOKENS = 16, CHECKED_LOGITS = 32, BATCH = 512 };

static struct llama_context *context;
static int vocabulary;

static void fail(const char *what) {
  fprintf(stderr, "llama_decode: %s\n", what);
  exit(1);
}

static void only_errors(int level, const char *text, void *data) {
  (void)data;
  if (level == 4) fputs(text, stderr);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

/* Feeds tokens in batches as large as the context's; returns the logits behind the last. */
static float *feed(int32_t *tokens, int count) {
  for (int at = 0; at < count; at += BATCH) {
    int part = count - at < BATCH ? count - at : BATCH;
    if (llama_decode(context, llama_batch_get_one(tokens + at, part))) fail("decoding failed");
  }
  return llama_get_logits_ith(context, -1);
}

static float *start(int first) {
  int32_t tokens[CHECKED_TOKENS];
  llama_memory_clear(llama_get_memory(context), true);
  for (int i = 0; i < CHECKED_TOKENS; i++) tokens[i] = (37 * i + first) % vocabulary;
  return feed(tokens, CHECKED_TOKENS);
}

/* Logits must be finite and depend on the prompt: without common weights no more can be checked. */
static void check(float *logits) {
  float other[CHECKED_LOGITS];
  double apart = 0;
  memcpy(other, start(5), sizeof other);
  memcpy(logits, start(11), sizeof other);
  for (int i = 0; i < CHECKED_LOGITS; i++) {
    if (!isfinite(logits[i])) fail("logits are not finite");
    apart = fmax(apart, fabs(logits[i] - other[i]));
  }
  if (apart < 1e-3) fail("logits do not depend on the prompt");
}

/* The highest of the instruction sets that the chosen back end was compiled for. */
static const char *instructions(void) {
  static const char *const names[] = {"AMX_INT8", "AVX512_VNNI", "AVX512", "AVX2"};
  const char *all = llama_print_system_info();
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char enabled[32];
    snprintf(enabled, sizeof enabled, " %s = 1", names[i]);
    if (strstr(all, enabled)) return names[i];
  }
  return "other instructions";
}

int main(int count, char **arguments) {
  if (count != 6) fail("arguments: LIBRARIES MODEL.gguf THREADS CASE REPEATS");
  llama_log_set(only_errors, NULL);
  ggml_backend_load_all_from_path(arguments[1]);
  llama_backend_init();
  int threads = atoi(arguments[3]), repeats = atoi(arguments[5]);
  bool first = !strcmp(arguments[4], "first"), prompt = !strncmp(arguments[4], "pp", 2);
  int length = first ? 1 : atoi(arguments[4] + 2);
  const char *at = strchr(arguments[4], '@');
  int depth = at ? atoi(at + 1) : 0;

  struct llama_model *model = llama_model_load_from_file(arguments[2], llama_model_default_params());
  if (!model) fail("the model cannot be loaded");
  vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
  struct context_parameters how = llama_context_default_params();
  how.context = depth + CHECKED_TOKENS + (repeats + 2) * length + BATCH;
  how.batch = how.physical_batch = BATCH;
  context = llama_init_from_model(model, how);
  if (!context || llama_n_ctx(context) < how.context) fail("no context of the wanted length");
  llama_set_n_threads(context, threads, threads);

  if (first) {
    int32_t token = 11;
    float *logits = feed(&token, 1);
    int best = 0;
    for (int i = 1; i < vocabulary; i++) best = logits[i] > logits[best] ? i : best;
    printf("%d\n", best);
    return 0;
  }
  float checked[CHECKED_LOGITS];
  check(checked);
  int32_t *tokens = malloc(sizeof *tokens * (length > depth ? length : depth));
  if (depth) {
    for (int i = 0; i < depth; i++) tokens[i] = (41 * i + 3) % vocabulary;
    feed(tokens, depth);
  }
  for (int i = 0; i < length; i++) tokens[i] = (31 * i + 7) % vocabulary;
  printf("{\"runtime\": \"llama.cpp %s, %s\", \"check\": [", llama_version ? llama_version() : "", instructions());
  for (int i = 0; i < CHECKED_LOGITS; i++) printf("%s%g", i ? ", " : "", checked[i]);
  printf("], \"units\": %d, \"seconds\": [", length);
  for (int run = -1; run < repeats; run++) {
    if (prompt) {
      llama_memory_clear(llama_get_memory(context), true);
    } else if (!depth) {
      start(11);
    }
    double begin = seconds();
    if (prompt) {
      feed(tokens, length);
    } else {
      for (int i = 0; i < length; i++) feed(tokens + i, 1);
    }
    double time = seconds() - begin;
    if (run >= 0) printf("%s%.9f", run ? ", " : "", time);
  }
  printf("], \"weight_bytes\": %llu, \"weights\": %llu}\n", (unsigned long long)llama_model_size(model),
         (unsigned long long)llama_model_n_params(model));
  return 0;
}
