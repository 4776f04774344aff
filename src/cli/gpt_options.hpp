#pragma once
#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>

#include "service/gpt_convert.hpp"

namespace loadstar::cli {

/// What files may not say of themselves, as options of a verb that reads weights. Must live as long as the verb.
class ReadOptions {
  public:
    void add_to(CLI::App& verb);
    [[nodiscard]] megatron::CoreWeightsOptions chosen() const;

  private:
    std::int64_t heads_ = 0;
    megatron::QkvOrder order_ = megatron::QkvOrder::by_head;
    CLI::Option* heads_option_ = nullptr;
    CLI::Option* order_option_ = nullptr;
};

}  // namespace loadstar::cli
