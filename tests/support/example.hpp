#pragma once
// A copy of an example plant with its readings in the historian.

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::test_support {

class Example {
  public:
    explicit Example(const std::string& name) : plant_(folder_.path() / name) {
        namespace fs = std::filesystem;
        fs::copy(source_root() / "examples" / name, plant_, fs::copy_options::recursive);
        fs::remove(plant_ / "loadstar.db");
        const auto imported = run({"import"}, {});
        EXPECT_EQ(imported.exit_code, 0) << imported.errors;
    }
    [[nodiscard]] ProgramResult run(std::vector<std::string> verb, const std::vector<std::string>& options) const {
        verb.push_back(plant_.string());
        verb.insert(verb.end(), options.begin(), options.end());
        return run_loadstar(verb);
    }
    [[nodiscard]] nlohmann::json json(std::vector<std::string> verb, std::vector<std::string> options) const {
        options.emplace_back("--json");
        const auto result = run(std::move(verb), options);
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        return nlohmann::json::parse(result.output);
    }
    [[nodiscard]] const std::filesystem::path& plant() const { return plant_; }

  private:
    TemporaryFolder folder_;
    std::filesystem::path plant_;
};

}  // namespace loadstar::test_support
