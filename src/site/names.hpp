#pragma once
// What things of a plant are called in both languages, in tables and sentences for people.

#include <string>

#include "base/text.hpp"
#include "site/plant.hpp"

namespace loadstar {

/// A name of the plant file. Usual names of charges and carriers are given in both languages, whichever one they are
/// written in; every other name is the owner's and stays as it is.
Text usual_name(const std::string& name);

/// An id of the plant file as words: "curing_oven" is "curing oven".
Text name_of_id(const std::string& id);

/// A time-of-use band, such as "valley": the usual ones as people call them, others as the contract spells them.
Text band_name(const std::string& band);

/// A name within a sentence, where English does not capitalise it.
Text in_sentence(Text name);

/// A charge as bills name it: usual_name, and of "Energy (peak)" the band too.
Text charge_name(const std::string& name);

/// What a series measures: the meter or machine that it belongs to and which of its quantities, else its id in words.
Text series_name(const Plant& plant, const std::string& series);

/// What a shiftable load is called: the meter that measures it, else its id in words.
Text shiftable_load_name(const Plant& plant, const ShiftableLoad& load);

/// What a meter or machine is called.
Text meter_name(const Meter& meter);
Text machine_name(const Machine& machine);

}  // namespace loadstar
