#include "megatron/query_key_value.hpp"

#include "megatron/tensor_layout.hpp"

namespace loadstar::megatron {
namespace {

constexpr std::int64_t kinds = 3;  // query, key, value

/// Rows of a tensor as dimensions of their own: [heads, kind, channels, rest] under each order.
struct Rows {
    std::int64_t heads;
    std::int64_t channels;
    std::int64_t rest;
};

Result<Rows> rows_of(const TensorView& tensor, std::int64_t heads) {
    const auto rows = tensor.shape.empty() ? 0 : tensor.shape[0];
    if (rows <= 0 || heads < 1 || rows % (kinds * heads) != 0) {
        return Error{
            .code = ErrorCode::invalid_argument,
            .message = fmt::format("expected rows for query, key and value of {} heads, found {}", heads, rows),
            .hint = "give the number of attention heads of the training"};
    }
    return Rows{.heads = heads, .channels = rows / kinds / heads, .rest = tensor.elements() / rows};
}

}  // namespace

Result<std::vector<std::byte>> rows_by_head(const TensorView& tensor, QkvOrder order, std::int64_t heads) {
    LOADSTAR_TRY(const auto rows, rows_of(tensor, heads));
    switch (order) {
        case QkvOrder::by_kind:
            return contiguous_bytes(
                permuted(reshaped(tensor, {kinds, rows.heads, rows.channels, rows.rest}), {1, 0, 2, 3}));
        case QkvOrder::by_value:
            return contiguous_bytes(
                permuted(reshaped(tensor, {rows.heads, rows.channels, kinds, rows.rest}), {0, 2, 1, 3}));
        case QkvOrder::by_head: break;
    }
    return contiguous_bytes(tensor);
}

Result<std::vector<std::byte>> rows_from_head(const TensorView& tensor, QkvOrder order, std::int64_t heads) {
    LOADSTAR_TRY(const auto rows, rows_of(tensor, heads));
    const auto by_head = reshaped(tensor, {rows.heads, kinds, rows.channels, rows.rest});
    switch (order) {
        case QkvOrder::by_kind: return contiguous_bytes(permuted(by_head, {1, 0, 2, 3}));
        case QkvOrder::by_value: return contiguous_bytes(permuted(by_head, {0, 2, 1, 3}));
        case QkvOrder::by_head: break;
    }
    return contiguous_bytes(tensor);
}

}  // namespace loadstar::megatron
