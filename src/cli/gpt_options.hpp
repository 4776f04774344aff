#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "service/gpt_convert.hpp"
#include "service/gpt_generate.hpp"

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

/// Where a model computes, as options.
class PlaceOptions {
  public:
    void add_to(CLI::App& verb);
    [[nodiscard]] gpt::Place chosen() const { return place_; }

  private:
    gpt::Place place_;
};

/// The options that say which model is used and where, as they are typed: the same in every verb that opens a model.
struct ModelOptions {
    std::string checkpoint;
    ReadOptions read;
    PlaceOptions place;
    std::vector<std::string> arguments;

    void add_to(CLI::App& verb);
    /// Errors: invalid_argument (an argument without "=").
    [[nodiscard]] Result<gpt::ModelSource> source() const;
};

}  // namespace loadstar::cli
