TW_CLONES static void F(splat)(T *buffer, T value, int64_t count) {
  TW_EACH(i, count, { buffer[i] = value; });
}

static TW_INLINE void F(copy_row)(T *buffer, T *row, int64_t stride, int64_t count, int scatter) {
  if (stride == 1) {
    if (scatter) memcpy(row, buffer, count * sizeof(T));
    else memcpy(buffer, row, count * sizeof(T));
  } else if (stride == 0 && !scatter) {
    F(splat)(buffer, *row, count);
  } else {
    for (int64_t i = 0; i < count; i++) {
      if (scatter) row[i * stride] = buffer[i];
      else buffer[i] = row[i * stride];
    }
  }
}

// A call costs more than a few elements do.
static TW_INLINE void F(copy_short_row)(
  T *buffer, T *row, int64_t stride, int64_t count, int scatter) {
  _Pragma("clang loop vectorize(disable)")
  for (int64_t i = 0; i < count; i++) {
    if (scatter) row[i * stride] = buffer[i];
    else buffer[i] = row[i * stride];
  }
}

// Copies the next `count` elements of a strided view to the buffer, or back.
static TW_INLINE void F(copy_view)(
  tw_walk *walk, T *base, T *buffer, int64_t count, int scatter) {
  const int32_t last = walk->last;
  const int64_t stride = walk->strides[last];
  while (1) {
    const int64_t run = tw_min(walk->dims[last] - walk->index[last], count);
    T *row = base + walk->offset;
    if (run < 16) F(copy_short_row)(buffer, row, stride, run, scatter);
    else F(copy_row)(buffer, row, stride, run, scatter);
    buffer += run;
    count -= run;
    if (count == 0) return;
    tw_walk_next_row(walk);
  }
}

// Repeats the first `period` elements until there are `count`.
static TW_INLINE void F(repeat)(T *buffer, int64_t period, int64_t count) {
  int64_t done = period;
  while (done < count) {
    const int64_t more = tw_min(done, count - done);
    memcpy(buffer + done, buffer, more * sizeof(T));
    done += more;
  }
}

// Rows that are the same along an axis (such as a bias, or the mean of each channel) are copied once
// and then doubled.
static void F(gather_view)(const tw_chain *chain, const tw_view *view, T *base, T *buffer,
                           int64_t start, int64_t count) {
  tw_walk walk;
  tw_walk_begin(&walk, chain, view, start);
  const int32_t last = walk.last;
  const int repeats = last >= 1 && walk.strides[last - 1] == 0;
  if (!repeats || walk.dims[last - 1] < 4) {
    F(copy_view)(&walk, base, buffer, count, 0);
    return;
  }
  const int64_t row = walk.dims[last], block = row * walk.dims[last - 1];
  while (1) {
    const int64_t run = tw_min(count, block - walk.index[last - 1] * row - walk.index[last]);
    F(copy_view)(&walk, base, buffer, tw_min(run, row), 0);
    F(repeat)(buffer, row, run);
    buffer += run;
    count -= run;
    start += run;
    if (count == 0) return;
    tw_walk_begin(&walk, chain, view, start);
  }
}

#include "chain_shift_body.h"

static void F(scatter_view)(const tw_chain *chain, const tw_view *view, T *base, T *buffer,
                            int64_t start, int64_t count) {
  tw_walk walk;
  tw_walk_begin(&walk, chain, view, start);
  F(copy_view)(&walk, base, buffer, count, 1);
}

// Finds the first chunk of every operand and fills those that stay the same for all chunks, up to
// a whole vector: what a mask wrote cannot be read back at once.
static TW_INLINE void F(bind)(
  const tw_chain *chain, void *const *slots, int64_t start, T **operand) {
  const int64_t length = buffer_length(chain);
  const int64_t filled = (chunk_length(chain) + WIDTH - 1) & -(int64_t)WIDTH;
  T *free = chain->scratch >= 0 ? (T *)slots[chain->scratch] : NULL;
  const tw_view *view = chain->views;
  for (int32_t i = 0; i < chain->inputs; i++, view++) {
    T *memory = (T *)slots[view->slot] + view->offset;
    *operand = memory + start;
    if (view->kind != TW_DENSE) {
      *operand = free;
      free += length;
      if (view->kind == TW_SCALAR) F(splat)(*operand, *memory, filled);
    }
    operand++;
  }
  for (int32_t i = 0; i < chain->constants; i++, free += length) {
    F(splat)(free, (T)chain->constant_values[i], filled);
    *operand++ = free;
  }
  for (int32_t i = 0; i < chain->registers; i++, free += length) *operand++ = free;
  for (int32_t i = 0; i < chain->outputs; i++, view++) {
    if (view->kind == TW_DENSE) {
      *operand++ = (T *)slots[view->slot] + view->offset + start;
    } else {
      *operand++ = free;
      free += length;
    }
  }
}

static TW_INLINE void F(run_code)(const tw_chain *chain, T *const *operand, int64_t count) {
  const tw_instruction *code = chain->code, *end = code + chain->instructions;
  for (; code < end; code++) {
    F(tw_loops)[code->op](operand[code->destination], operand[code->a], operand[code->b],
                          operand[code->c], count);
  }
}

static TW_INLINE void F(look_at)(
  void *const *slots, tw_operand result, const T *values, int64_t count, double limit) {
  if (F(tw_first_beyond)(values, count, limit) < 0) return;
  ((T *)slots[result.slot])[result.offset] = (T)__builtin_nan("");
}

static TW_INLINE void F(run_chunks)(
  const tw_chain *chain, void *const *slots, int64_t start, int64_t end, T **operand) {
  const int64_t chunk = chunk_length(chain);
  const int32_t inputs = chain->inputs, views = inputs + chain->outputs;
  T **output = operand + operand_count(chain) - chain->outputs - inputs;
  for (; start < end; start += chunk) {
    const int64_t count = tw_min(chunk, end - start);
    for (int32_t i = 0; i < inputs; i++) {
      const tw_view *view = &chain->views[i];
      if (view->kind == TW_STRIDED) {
        F(gather_view)(chain, view, slots[view->slot], operand[i], start, count);
      } else if (view->kind == TW_SHIFTED) {
        F(gather_shifted)(chain, view, slots[view->slot], operand[i], start, count);
      }
    }
    F(run_code)(chain, operand, count);
    for (int32_t i = 0; i < chain->watch_count; i++) {
      const tw_watch *watch = &chain->watches[i];
      F(look_at)(slots, watch->result, operand[watch->operand], count, watch->limit);
    }
    for (int32_t i = 0; i < views; i++) {
      const tw_view *view = &chain->views[i];
      T **place = i < inputs ? operand + i : output + i;
      if (view->kind == TW_DENSE) *place += count;
      else if (i >= inputs) F(scatter_view)(chain, view, slots[view->slot], *place, start, count);
    }
  }
}

#define SIMPLE_CASE(OP, name, expression) \
  case TW_OP_##OP: *result = expression; break;

// The same chain on a single element, with the operands in an array instead of memory blocks.
static TW_INLINE void F(run_scalars)(const tw_chain *chain, T *value) {
  const tw_instruction *code = chain->code, *end = code + chain->instructions;
  for (; code < end; code++) {
    T *result = &value[code->destination];
    const T x = value[code->a], y = value[code->b], z = value[code->c];
    switch (code->op) {
      TW_SIMPLE_OPERATIONS(SIMPLE_CASE)
      default:
        F(tw_loops)[code->op](result, &value[code->a], &value[code->b], &value[code->c], 1);
    }
  }
}

static void F(run_single)(const tw_chain *chain, void *const *slots) {
  T values[MAX_SCALARS], *value = values;
  const tw_view *view = chain->views, *outputs = view + chain->inputs;
  for (; view < outputs; view++) {
    if (view->kind == TW_SHIFTED) F(gather_shifted)(chain, view, slots[view->slot], value, 0, 1);
    else *value = ((T *)slots[view->slot])[view->offset];
    value++;
  }
  for (int32_t i = 0; i < chain->constants; i++) *value++ = (T)chain->constant_values[i];
  F(run_scalars)(chain, values);
  value += chain->registers;
  for (int32_t i = 0; i < chain->outputs; i++, view++) {
    ((T *)slots[view->slot])[view->offset] = *value++;
  }
}

int32_t F(tw_chain)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_chain *chain = arguments;
  const int32_t operands = operand_count(chain);
  for (int32_t i = 0; i < chain->watch_count && part->first; i++) {
    const tw_operand result = chain->watches[i].result;
    ((T *)slots[result.slot])[result.offset] = 0;
  }
  if (chain->count == 1 && operands <= MAX_SCALARS && chain->watch_count == 0) {
    F(run_single)(chain, slots);
    return 0;
  }
  if (operands > MAX_OPERANDS) return 1;
  T *operand[MAX_OPERANDS];
  const int64_t start = part->begin * chain->row, end = part->end * chain->row;
  F(bind)(chain, slots, start, operand);
  F(run_chunks)(chain, slots, start, end, operand);
  return 0;
}

int32_t F(tw_watch)(const void *arguments, void *const *slots, const tw_part *part) {
  const tw_finiteness *watch = arguments;
  if (part->first) ((T *)slots[watch->result.slot])[watch->result.offset] = 0;
  const T *input = (const T *)slots[watch->input.slot] + watch->input.offset;
  const int64_t rows = part->end - part->begin;
  F(look_at)(
    slots, watch->result, input + part->begin * watch->row, rows * watch->row, watch->limit);
  return 0;
}

#undef SIMPLE_CASE
