# Files that the program carries inside: the page, built from web/ into one HTML template, and the plant of the demo.

# Adds to <target> a function `std::string_view <function>()` (with its namespaces) that returns the bytes of <file>.
# The assembler copies the file, so even a large one costs no compile time.
function(embed_text target file function)
    string(MAKE_C_IDENTIFIER "${function}" symbol)
    set(stem ${CMAKE_BINARY_DIR}/embedded/${symbol})
    string(REGEX REPLACE "::([^:]+)$" "" namespace "${function}")
    string(REGEX REPLACE "^.*::" "" name "${function}")
    file(CONFIGURE OUTPUT ${stem}.S @ONLY CONTENT [[
    .section .rodata
    .global @symbol@_begin, @symbol@_end
@symbol@_begin:
    .incbin "@file@"
@symbol@_end:
    .section .note.GNU-stack, "", @progbits
]])
    file(CONFIGURE OUTPUT ${stem}.cpp @ONLY CONTENT [[
#include <cstddef>
#include <string_view>

extern "C" const char @symbol@_begin[];
extern "C" const char @symbol@_end[];

namespace @namespace@ {

std::string_view @name@();

std::string_view @name@() { return {@symbol@_begin, static_cast<std::size_t>(@symbol@_end - @symbol@_begin)}; }

}  // namespace @namespace@
]])
    set_source_files_properties(${stem}.S PROPERTIES OBJECT_DEPENDS ${file})
    target_sources(${target} PRIVATE ${stem}.S ${stem}.cpp)
endfunction()

# Adds loadstar::service::report_template() to the service, built from web/ when a source of the page changes.
function(embed_report_template)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/src/* ${CMAKE_SOURCE_DIR}/web/public/*)
    file(GLOB settings CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/*.json ${CMAKE_SOURCE_DIR}/web/*.ts ${CMAKE_SOURCE_DIR}/web/*.html)
    set(template ${CMAKE_SOURCE_DIR}/build/web/report.html)
    add_custom_command(
        OUTPUT ${template}
        COMMAND ${CMAKE_SOURCE_DIR}/script/build-web
        DEPENDS ${sources} ${settings}
        COMMENT "Building the page"
        USES_TERMINAL
        VERBATIM)
    embed_text(loadstar_service ${template} loadstar::service::report_template)
endfunction()

# Adds the plant file and README of the simulated plant to the service; `loadstar demo` writes them.
function(embed_demo)
    embed_text(loadstar_service ${CMAKE_SOURCE_DIR}/examples/electronics/plant.toml loadstar::service::demo_plant_file)
    embed_text(loadstar_service ${CMAKE_SOURCE_DIR}/examples/electronics/README.md loadstar::service::demo_readme)
endfunction()
