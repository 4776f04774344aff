#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace loadstar {

__extension__ typedef __int128 Int128;  // 128-bit integers are an extension of GCC and Clang; ISO C++ has none

/// An exact decimal number with 12 digits after the point; magnitudes up to about 1e20. Used wherever money is billed,
/// because a bill must add up to the cent in the same way as the supplier's.
class Decimal {
  public:
    constexpr Decimal() = default;
    constexpr Decimal(int value) : units_(static_cast<Int128>(value) * scale) {}

    /// Parses "-12.345" exactly. Errors: invalid_input (not a number, or more than 12 digits after the point).
    static Result<Decimal> parse(std::string_view text);
    /// The decimal a person would write for this double: its shortest text that reads back to the same double.
    /// This recovers exactly what a meter file said. Not for NaN or infinities (broken contract).
    static Decimal from_double(double value);

    [[nodiscard]] double to_double() const;
    /// Rounds half away from zero to `digits` (0..12) after the point: the rule of supplier bills.
    [[nodiscard]] Decimal rounded(int digits) const;
    /// Text with exactly `digits` after the point (rounded half away from zero).
    [[nodiscard]] std::string text(int digits) const;
    /// Shortest exact text, without trailing zeros.
    [[nodiscard]] std::string text() const;

    Decimal& operator+=(Decimal other) {
        units_ += other.units_;
        return *this;
    }
    Decimal& operator-=(Decimal other) {
        units_ -= other.units_;
        return *this;
    }
    friend Decimal operator+(Decimal a, Decimal b) { return a += b; }
    friend Decimal operator-(Decimal a, Decimal b) { return a -= b; }
    friend Decimal operator-(Decimal a) { return Decimal() - a; }
    /// Product and quotient, rounded half away from zero to 12 digits after the point. Division by zero throws
    /// std::domain_error (broken contract).
    friend Decimal operator*(Decimal a, Decimal b);
    friend Decimal operator/(Decimal a, Decimal b);
    auto operator<=>(const Decimal&) const = default;

  private:
    static constexpr std::int64_t scale = 1'000'000'000'000;
    static Decimal from_units(Int128 units) {
        Decimal result;
        result.units_ = units;
        return result;
    }
    Int128 units_ = 0;
};

}  // namespace loadstar
