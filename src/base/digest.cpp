#include "base/digest.hpp"

#include <array>
#include <fstream>
#include <openssl/evp.h>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace loadstar {

namespace {

// A digest fails only when OpenSSL itself is broken: nothing a caller could handle.
void require(int outcome) {
    if (outcome != 1) throw std::runtime_error("OpenSSL cannot compute SHA-256");
}

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

struct Sha256::State {
    std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    require(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr));
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::span<const std::byte> bytes) {
    require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
}

std::string Sha256::hex() {
    std::array<unsigned char, 32> digest{};
    require(EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr));
    require(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr));
    std::string text;
    for (const unsigned byte : digest) text += fmt::format("{:02x}", byte);
    return text;
}

std::optional<std::string> file_digest(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return std::nullopt;
    Sha256 digest;
    std::vector<char> piece(1U << 20U);
    while (stream.read(piece.data(), std::ssize(piece)) || stream.gcount() > 0)
        digest.add(std::string_view(piece.data(), static_cast<std::size_t>(stream.gcount())));
    if (!stream.eof()) return std::nullopt;
    return digest.hex();
}

}  // namespace loadstar
