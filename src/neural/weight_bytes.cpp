#include "neural/weight_bytes.hpp"

#include <ATen/ATen.h>
#include <cstring>

#include <fmt/format.h>

namespace loadstar::neural {

std::string bytes_of(const std::vector<gpt::Parameter>& parameters) {
    std::string bytes;
    for (const auto& parameter : parameters) {
        const auto half = parameter.value.detach().to(at::kCPU, at::kHalf).contiguous();
        bytes.append(static_cast<const char*>(half.data_ptr()), half.nbytes());
    }
    return bytes;
}

Result<void> take_bytes(const std::string& bytes, const std::vector<gpt::Parameter>& parameters) {
    std::size_t expected = 0;
    for (const auto& parameter : parameters) expected += 2 * static_cast<std::size_t>(parameter.value.numel());
    if (bytes.size() != expected)
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("expected {} bytes of weights, found {}", expected, bytes.size())};
    const at::NoGradGuard no_gradients;
    const char* from = bytes.data();
    for (const auto& parameter : parameters) {
        const auto half = at::empty(parameter.value.sizes(), at::kHalf);
        std::memcpy(half.data_ptr(), from, half.nbytes());
        at::Tensor(parameter.value).copy_(half);
        from += half.nbytes();
    }
    return {};
}

}  // namespace loadstar::neural
