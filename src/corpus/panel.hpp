#pragma once
#include <utility>

#include "corpus/row.hpp"
#include "corpus/window.hpp"

namespace loadstar::corpus {

/// A window while it is made: rows are added until it is full. The first one must be a target.
class Panel {
  public:
    explicit Panel(const WindowShape& shape)
        : shape_(shape), values_(static_cast<std::size_t>(shape.variates) * static_cast<std::size_t>(shape.points)) {}

    [[nodiscard]] int points() const { return shape_.points; }
    [[nodiscard]] int rows() const { return static_cast<int>(roles_.size()); }
    /// Rows that can still be added.
    [[nodiscard]] int room() const { return shape_.variates - rows(); }
    /// A row of zeros; there must be room. Rows keep their place in memory.
    Row add(Role role);
    /// A copy, where there is room; nothing else happens where there is none.
    void offer(Role role, ConstRow values);
    [[nodiscard]] Row row(int variate);
    /// At which days the first row looks alike.
    void set_like(LikeDays days) { like_ = std::move(days); }
    [[nodiscard]] const LikeDays& like() const { return like_; }
    [[nodiscard]] Role role(int variate) const { return roles_[static_cast<std::size_t>(variate)]; }
    /// The window as 32-bit floats; all rows must have been added.
    [[nodiscard]] Window finish() const;

  private:
    WindowShape shape_;
    std::vector<Role> roles_;
    Values values_;
    LikeDays like_;
};

}  // namespace loadstar::corpus
