#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/time_zone.hpp"

namespace loadstar::service {

struct DemoRequest {
    std::filesystem::path folder;
    std::uint64_t seed = 1;
    int days = 365;  ///< local days of data, 3 .. 365: the last ones of the simulated year
};

/// A fault of the script as far as the data show it.
struct DemoFault {
    std::string kind;
    std::string asset;
    Instant start;
    Instant end;
    double wasted_kwh = 0;  ///< within the data
    double cost = 0;        ///< of that energy at the contract's energy prices, without demand charges
};

struct DemoReport {
    std::string folder;
    std::string plant;
    std::string currency;
    TimeZone zone;
    LocalDay first{};
    LocalDay last{};
    std::vector<std::string> files{};  ///< relative to the folder
    std::vector<DemoFault> faults{};
};

/// Makes the folder of the simulated electronics plant: its plant file, a year of data with the dirt of real files, and
/// the truth about faults and dirt, which no analysis reads. The same seed gives the same bytes.
///
/// The folder may exist when it holds nothing but the plant file and the README that the demo would write, as
/// examples/electronics does. Errors: already_exists (anything else is in it), out_of_range (days), permission_denied,
/// disk_full, io_error, cancelled.
Result<DemoReport> make_demo(const DemoRequest& request, Progress& progress);

/// Shape loadstar.demo/1.
nlohmann::json to_json(const DemoReport& report);

}  // namespace loadstar::service
