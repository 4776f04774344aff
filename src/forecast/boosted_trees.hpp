#pragma once
// Gradient boosted trees through the C API of LightGBM, as an object that owns its handles.

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace loadstar::forecast {

/// How a model is grown.
struct TreeSettings {
    int trees = 120;
    int leaves = 15;
    int least_rows = 60;  ///< in a leaf
    double rate = 0.08;
    double column_share = 0.5;  ///< drawn for each tree
    double row_share = 0.7;     ///< drawn for each tree
    int seed = 1;
};

/// What is minimised.
struct TreeLoss {
    enum class Kind { quantile, absolute, square };
    Kind kind = Kind::quantile;
    double level = 0.5;  ///< of a quantile
};

/// Inputs of a fit, binned once for any number of models.
class TreeData {
  public:
    /// @param values  [row][column]; NaN marks a missing input
    /// Errors: internal (LightGBM refused them).
    static Result<TreeData> make(const std::vector<double>& values, std::size_t columns);
    [[nodiscard]] std::size_t rows() const { return rows_; }

  private:
    friend class BoostedTrees;
    TreeData(std::shared_ptr<void> handle, std::size_t rows) : handle_(std::move(handle)), rows_(rows) {}
    std::shared_ptr<void> handle_;
    std::size_t rows_;
};

/// A grown model. Single threaded and reproducible: the same data and settings give the same model.
class BoostedTrees {
  public:
    /// @param targets  [row of data]
    static Result<BoostedTrees> fit(const TreeData& data, const std::vector<double>& targets, const TreeLoss& loss,
                                    const TreeSettings& settings);
    /// Reads what text() wrote. Errors: invalid_input.
    static Result<BoostedTrees> parse(const std::string& text);
    /// @param values  [row][column], any number of rows  @return [row]
    [[nodiscard]] std::vector<double> predict(const std::vector<double>& values, std::size_t columns) const;
    [[nodiscard]] std::string text() const;

  private:
    explicit BoostedTrees(std::shared_ptr<void> handle) : handle_(std::move(handle)) {}
    std::shared_ptr<void> handle_;
};

}  // namespace loadstar::forecast
