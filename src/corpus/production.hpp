#pragma once
#include "corpus/clock.hpp"
#include "corpus/row.hpp"

namespace loadstar::corpus {

/// What a line makes: planned and made pieces per point of a few products, one order after the other.
struct Production {
    std::vector<Values> planned;  ///< [product][point]
    std::vector<Values> made;     ///< [product][point]; more or less than planned, earlier or later
};

/// @param working  [point] share that is worked
Production draw_production(Random& random, const Clock& clock, ConstRow working, int products);

/// The sum of the products.
Values total(const std::vector<Values>& products);

}  // namespace loadstar::corpus
