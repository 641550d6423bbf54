/* Times matrix products of ggml's CPU back end: weights of one type times one or more tokens.
 *
 * The libraries come in the npm package @node-llama-cpp/linux-x64, a variant for each processor:
 *
 *   gcc -O2 ggml_products.c -o ggml_products -L DIR -l:libggml-cpu-zen4.so -l:libggml-base.so \
 *     -Wl,-rpath,DIR
 *   ./ggml_products ROWS COLUMNS TOKENS SECONDS
 *
 * Prints a CSV line for each type, plain and repacked (rows interleaved when the weights are
 * loaded), and one and two threads: the median time of a product, weights times tokens per second,
 * and bytes of weights per second.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The part of ggml's public interface that is used here. */
struct ggml_init_params {
  size_t mem_size;
  void *mem_buffer;
  bool no_alloc;
};
struct ggml_context;
struct ggml_tensor;
struct ggml_cgraph;
typedef struct ggml_backend *backend;
typedef struct ggml_backend_buffer *buffer;
typedef struct ggml_backend_buffer_type *buffer_type;

struct ggml_context *ggml_init(struct ggml_init_params);
void ggml_free(struct ggml_context *);
struct ggml_tensor *ggml_new_tensor_2d(struct ggml_context *, int, int64_t, int64_t);
struct ggml_tensor *ggml_mul_mat(struct ggml_context *, struct ggml_tensor *, struct ggml_tensor *);
struct ggml_cgraph *ggml_new_graph(struct ggml_context *);
void ggml_build_forward_expand(struct ggml_cgraph *, struct ggml_tensor *);
size_t ggml_nbytes(const struct ggml_tensor *);
size_t ggml_quantize_chunk(
    int, const float *, void *, int64_t, int64_t, int64_t, const float *);
backend ggml_backend_cpu_init(void);
void ggml_backend_cpu_set_n_threads(backend, int);
void ggml_backend_free(backend);
void ggml_backend_buffer_free(buffer);
buffer ggml_backend_alloc_ctx_tensors(struct ggml_context *, backend);
buffer ggml_backend_alloc_ctx_tensors_from_buft(struct ggml_context *, buffer_type);
void ggml_backend_tensor_set(struct ggml_tensor *, const void *, size_t, size_t);
int ggml_backend_graph_compute(backend, struct ggml_cgraph *);
/* A C++ function of the CPU library: the buffers whose tensors are repacked. */
buffer_type repack_buffer_type(void) __asm__("_Z35ggml_backend_cpu_repack_buffer_typev");

struct type {
  const char *name;
  int id;
};
/* q8_0 has no repacked form on x86. */
static const struct type TYPES[] = {
    {"f32", 0}, {"bf16", 30}, {"q8_0", 8}, {"q4_0", 2}, {"q4_K", 12}};
enum { TYPE_COUNT = sizeof TYPES / sizeof TYPES[0], F32 = 0, FIRST_REPACKED = 3 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

static double median_time(backend cpu, struct ggml_cgraph *graph, double seconds) {
  enum { MOST = 100000 };
  static double times[MOST];
  int count = 0;
  for (int i = 0; i < 3; i++) {
    ggml_backend_graph_compute(cpu, graph);
  }
  for (double end = now() + seconds; count < MOST && (count < 5 || now() < end); count++) {
    double start = now();
    ggml_backend_graph_compute(cpu, graph);
    times[count] = now() - start;
  }
  qsort(times, count, sizeof times[0], ascending);
  return times[count / 2];
}

static void measure(
    struct type type, bool repacked, int64_t rows, int64_t columns, int64_t tokens,
    double seconds) {
  struct ggml_init_params no_data = {1 << 20, NULL, true};
  struct ggml_context *weights = ggml_init(no_data);
  struct ggml_context *activations = ggml_init(no_data);
  backend cpu = ggml_backend_cpu_init();
  struct ggml_tensor *w = ggml_new_tensor_2d(weights, type.id, columns, rows);
  struct ggml_tensor *x = ggml_new_tensor_2d(activations, F32, columns, tokens);
  struct ggml_tensor *y = ggml_mul_mat(activations, w, x);
  struct ggml_cgraph *graph = ggml_new_graph(activations);
  ggml_build_forward_expand(graph, y);
  buffer weight_memory =
      repacked ? ggml_backend_alloc_ctx_tensors_from_buft(weights, repack_buffer_type())
               : ggml_backend_alloc_ctx_tensors(weights, cpu);
  buffer memory = ggml_backend_alloc_ctx_tensors(activations, cpu);

  int64_t count = rows * columns > columns * tokens ? rows * columns : columns * tokens;
  float *values = malloc(sizeof(float) * count);
  for (int64_t i = 0; i < count; i++) {
    values[i] = (float)(rand() % 2001 - 1000) / 1000;
  }
  size_t bytes = ggml_nbytes(w);
  void *packed = malloc(bytes);
  ggml_quantize_chunk(type.id, values, packed, 0, rows, columns, NULL);
  ggml_backend_tensor_set(w, packed, 0, bytes);
  ggml_backend_tensor_set(x, values, 0, sizeof(float) * columns * tokens);
  free(packed);
  free(values);

  for (int threads = 1; threads <= 2; threads++) {
    ggml_backend_cpu_set_n_threads(cpu, threads);
    double time = median_time(cpu, graph, seconds);
    printf("%s%s,%d,%ld,%.6f,%.2f,%.2f\n", type.name, repacked ? " repacked" : "", threads,
           (long)tokens, 1e3 * time, 1e-9 * rows * columns * tokens / time, 1e-9 * bytes / time);
    fflush(stdout);
  }
  ggml_backend_buffer_free(memory);
  ggml_backend_buffer_free(weight_memory);
  ggml_backend_free(cpu);
  ggml_free(activations);
  ggml_free(weights);
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: ggml_products ROWS COLUMNS TOKENS SECONDS\n");
    return 2;
  }
  int64_t rows = atoll(argv[1]), columns = atoll(argv[2]), tokens = atoll(argv[3]);
  double seconds = atof(argv[4]);
  printf("type,threads,tokens,milliseconds,giga weights x tokens per second,GB per second\n");
  for (int i = 0; i < TYPE_COUNT; i++) {
    measure(TYPES[i], false, rows, columns, tokens, seconds);
    if (i >= FIRST_REPACKED) {
      measure(TYPES[i], true, rows, columns, tokens, seconds);
    }
  }
  return 0;
}
