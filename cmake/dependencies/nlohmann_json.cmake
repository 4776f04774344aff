# nlohmann/json: JSON in and out.
find_package(nlohmann_json REQUIRED)
add_system_library(nlohmann_json nlohmann_json::nlohmann_json)
