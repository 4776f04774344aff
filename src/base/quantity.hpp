#pragma once
// Physical quantities over the coherent base {kWh, h, money, kgCO2e}: kW = kWh/h, so every factor is 1 and a formula
// with a wrong dimension does not compile. Holds one double and costs nothing.

#include <compare>

namespace loadstar {

/// A dimension as exponents of energy (kWh), time (h), money (the plant's currency) and carbon (kgCO2e).
template <int EnergyExponent, int TimeExponent, int MoneyExponent, int CarbonExponent>
struct Dimension {
    static constexpr int energy = EnergyExponent;
    static constexpr int time = TimeExponent;
    static constexpr int money = MoneyExponent;
    static constexpr int carbon = CarbonExponent;
};

template <class A, class B>
using DimensionProduct =
    Dimension<A::energy + B::energy, A::time + B::time, A::money + B::money, A::carbon + B::carbon>;
template <class A, class B>
using DimensionQuotient =
    Dimension<A::energy - B::energy, A::time - B::time, A::money - B::money, A::carbon - B::carbon>;
using Dimensionless = Dimension<0, 0, 0, 0>;

/// A number with a dimension. Adding different dimensions does not compile; a ratio of equal ones is a double.
template <class Dim>
class Quantity {
  public:
    constexpr Quantity() = default;
    constexpr explicit Quantity(double value) : value_(value) {}

    /// The number in base units (kWh, h, money, kgCO2e and their products).
    [[nodiscard]] constexpr double value() const { return value_; }

    constexpr Quantity& operator+=(Quantity other) {
        value_ += other.value_;
        return *this;
    }
    constexpr Quantity& operator-=(Quantity other) {
        value_ -= other.value_;
        return *this;
    }
    constexpr auto operator<=>(const Quantity&) const = default;

    friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value_ + b.value_); }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value_ - b.value_); }
    friend constexpr Quantity operator-(Quantity a) { return Quantity(-a.value_); }
    friend constexpr Quantity operator*(double factor, Quantity a) { return Quantity(factor * a.value_); }
    friend constexpr Quantity operator*(Quantity a, double factor) { return Quantity(a.value_ * factor); }
    friend constexpr Quantity operator/(Quantity a, double divisor) { return Quantity(a.value_ / divisor); }

  private:
    double value_ = 0;
};

template <class A, class B>
constexpr auto operator*(Quantity<A> a, Quantity<B> b) {
    using Product = DimensionProduct<A, B>;
    if constexpr (Product::energy == 0 && Product::time == 0 && Product::money == 0 && Product::carbon == 0) {
        return a.value() * b.value();
    } else {
        return Quantity<Product>(a.value() * b.value());
    }
}

template <class A, class B>
constexpr auto operator/(Quantity<A> a, Quantity<B> b) {
    using Ratio = DimensionQuotient<A, B>;
    if constexpr (Ratio::energy == 0 && Ratio::time == 0 && Ratio::money == 0 && Ratio::carbon == 0) {
        return a.value() / b.value();
    } else {
        return Quantity<Ratio>(a.value() / b.value());
    }
}

using Energy = Quantity<Dimension<1, 0, 0, 0>>;         ///< kWh
using Power = Quantity<Dimension<1, -1, 0, 0>>;         ///< kW
using Hours = Quantity<Dimension<0, 1, 0, 0>>;          ///< h
using Money = Quantity<Dimension<0, 0, 1, 0>>;          ///< plant currency
using EnergyPrice = Quantity<Dimension<-1, 0, 1, 0>>;   ///< money per kWh
using PowerPrice = Quantity<Dimension<-1, 1, 1, 0>>;    ///< money per kW (of a billing period)
using MoneyRate = Quantity<Dimension<0, -1, 1, 0>>;     ///< money per hour
using Carbon = Quantity<Dimension<0, 0, 0, 1>>;         ///< kgCO2e
using CarbonFactor = Quantity<Dimension<-1, 0, 0, 1>>;  ///< kgCO2e per kWh
using CarbonPrice = Quantity<Dimension<0, 0, 1, -1>>;   ///< money per kgCO2e

namespace literals {
constexpr Energy operator""_kWh(long double value) { return Energy(static_cast<double>(value)); }
constexpr Energy operator""_kWh(unsigned long long value) { return Energy(static_cast<double>(value)); }
constexpr Power operator""_kW(long double value) { return Power(static_cast<double>(value)); }
constexpr Power operator""_kW(unsigned long long value) { return Power(static_cast<double>(value)); }
constexpr Hours operator""_h(long double value) { return Hours(static_cast<double>(value)); }
constexpr Hours operator""_h(unsigned long long value) { return Hours(static_cast<double>(value)); }
}  // namespace literals

}  // namespace loadstar
