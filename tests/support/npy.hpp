#pragma once
// Arrays of numpy's .npy files, version 1, little endian, in C order: enough for reference data.

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace loadstar::test_support {

/// The numbers of an array, row after row. Throws when the file is not what is expected here.
inline std::vector<double> read_npy(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(stream), {});
    if (bytes.size() < 10 || bytes.compare(0, 8, std::string("\x93NUMPY\x01\0", 8)) != 0)
        throw std::runtime_error("no .npy file of version 1: " + file.string());
    const auto header_size =
        static_cast<std::size_t>(static_cast<unsigned char>(bytes[8])) + 256U * static_cast<unsigned char>(bytes[9]);
    const auto header = bytes.substr(10, header_size);
    std::vector<double> numbers;
    const auto convert = [&]<class Number>(Number number) {
        for (auto at = 10 + header_size; at + sizeof(Number) <= bytes.size(); at += sizeof(Number)) {
            std::memcpy(&number, bytes.data() + at, sizeof(Number));
            numbers.push_back(static_cast<double>(number));
        }
    };
    if (header.find("'<i4'") != std::string::npos) {
        convert(std::int32_t{});
    } else if (header.find("'<u4'") != std::string::npos) {
        convert(std::uint32_t{});
    } else if (header.find("'<i8'") != std::string::npos) {
        convert(std::int64_t{});
    } else if (header.find("'<f4'") != std::string::npos) {
        convert(float{});
    } else {
        throw std::runtime_error("unexpected numbers in " + file.string());
    }
    return numbers;
}

}  // namespace loadstar::test_support
