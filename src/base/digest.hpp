#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace loadstar {

/// Computes a SHA-256 digest piece by piece: same bytes in, same digest out, on every machine.
/// Source: FIPS 180-4, by OpenSSL.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(std::span<const std::byte> bytes);
    void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }
    /// The digest of all bytes so far as 64 lower-case hexadecimal digits; the object starts over.
    [[nodiscard]] std::string hex();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// SHA-256 of the bytes of a file; none when it cannot be read.
std::optional<std::string> file_digest(const std::filesystem::path& file);

}  // namespace loadstar
