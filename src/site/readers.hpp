#pragma once
// The readers of the parts of a plant file. Internal to layer site.

#include "site/plant.hpp"
#include "site/table_reader.hpp"

namespace loadstar {

Source read_source(const std::string& id, TableReader& reader, const std::filesystem::path& folder);
/// Makes the series of a source known so that meters, targets and assets can name them.
void declare_series(const Source& source, ReaderContext& context);

Carrier read_carrier(const std::string& id, TableReader& reader);
Meter read_meter(const std::string& id, TableReader& reader);
GridConnection read_grid(const std::string& id, TableReader& reader);
Store read_battery(const std::string& id, TableReader& reader);
Store read_store(const std::string& id, TableReader& reader);
Converter read_converter(const std::string& id, TableReader& reader, const Plant& plant);
FixedLoad read_fixed_load(const std::string& id, TableReader& reader);
Photovoltaic read_photovoltaic(const std::string& id, TableReader& reader);
ShiftableLoad read_shiftable_load(const std::string& id, TableReader& reader);
InterruptibleLoad read_interruptible_load(const std::string& id, TableReader& reader);
Machine read_machine(const std::string& id, TableReader& reader);
Shift read_shift(const std::string& id, TableReader& reader);
BatchJob read_job(const std::string& id, TableReader& reader, const Plant& plant);

/// Replaces $NAME, ${NAME} and ${NAME:-default} by environment variables; an unset one without a default is a mistake
/// at `key`.
std::string expand_environment(const std::string& text, TableReader& reader, std::string_view key);

}  // namespace loadstar
