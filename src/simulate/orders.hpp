#pragma once
// What customers ask for and how far it has come: orders, and their pieces between the operations of the route.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "site/plant.hpp"

namespace loadstar::simulate {

/// Operations in the order in which a board meets them.
enum class Operation { assembly, wave, coating, test, burn_in };
inline constexpr int operation_count = 5;

/// A family of boards.
struct Product {
    std::string id;
    double pace = 1;         ///< pieces per hour against the rated ones of every machine
    double load = 1;         ///< power of a running machine against its rated one
    bool coated = false;     ///< goes through coating
    bool burned_in = false;  ///< goes through burn-in
    double frequency = 1;    ///< share of the orders
};

/// The families that the plant makes.
const std::vector<Product>& products();

/// A customer's order.
struct Order {
    std::string id;
    std::size_t product = 0;  ///< index into products()
    int quantity = 0;
    Instant release;  ///< material is there
    Instant due;
    std::optional<Instant> finished{};  ///< end of the slot in which its last piece was done
};

struct OrderRequest {
    LocalDay first;
    int days = 365;
    double pieces_per_day = 5350;  ///< mean over working days; autumn is busier, late winter quieter
    std::uint64_t seed = 1;
};

/// Orders by release: released at 06:00 of working days, due 2 to 8 working days later at 18:00.
std::vector<Order> make_orders(const Plant& plant, const OrderRequest& request);

/// Pieces of every order before each operation.
class WorkInProgress {
  public:
    explicit WorkInProgress(std::vector<Order> orders);

    [[nodiscard]] const std::vector<Order>& orders() const { return orders_; }
    [[nodiscard]] const Product& product(std::size_t order) const { return products()[orders_[order].product]; }
    /// Pieces of an order that wait before an operation.
    [[nodiscard]] int waiting(std::size_t order, Operation operation, Instant now) const;
    /// Pieces of all orders that wait before an operation.
    [[nodiscard]] int waiting(Operation operation, Instant now) const;
    /// True when nothing more will come to the operation from what is released.
    [[nodiscard]] bool is_upstream_empty(Operation operation, Instant now) const;
    /// The order due first among those waiting before an operation, leaving out `taken`.
    [[nodiscard]] std::optional<std::size_t> most_urgent(Operation operation, Instant now,
                                                         const std::vector<std::size_t>& taken) const;
    /// Moves pieces past an operation; `end` is when that happened.
    void finish(std::size_t order, Operation operation, int pieces, Instant end);
    /// Pieces of the released orders that assembly has still to make.
    [[nodiscard]] int unassembled(Instant now) const { return waiting(Operation::assembly, now); }

  private:
    [[nodiscard]] bool passes(std::size_t order, Operation operation) const;
    [[nodiscard]] int arrived(std::size_t order, Operation operation, Instant now) const;
    template <class Visit>
    void visit_open(Instant now, Visit visit) const;

    std::vector<Order> orders_;
    std::vector<std::array<int, operation_count>> done_;  ///< [order][operation]
    std::size_t first_open_ = 0;                          ///< all orders before it are finished
};

}  // namespace loadstar::simulate
