# Proves that the layer check refuses what it must: builds small trees that break a rule and reads the message.
# cmake -D root=<source tree> -D work=<empty folder> -P layer_rule_test.cmake

function(expect_refusal name file content message)
    file(REMOVE_RECURSE ${work}/${name})
    file(WRITE ${work}/${name}/${file} "${content}")
    execute_process(
        COMMAND ${CMAKE_COMMAND} -D root=${work}/${name} -P ${root}/cmake/layers.cmake
        RESULT_VARIABLE result ERROR_VARIABLE errors OUTPUT_QUIET)
    string(FIND "${errors}" "${message}" at)
    if(result EQUAL 0 OR at EQUAL -1)
        message(SEND_ERROR "${name}: expected a refusal with '${message}', got exit ${result} and '${errors}'")
    endif()
endfunction()

function(expect_pass name file content)
    file(REMOVE_RECURSE ${work}/${name})
    file(WRITE ${work}/${name}/${file} "${content}")
    execute_process(
        COMMAND ${CMAKE_COMMAND} -D root=${work}/${name} -P ${root}/cmake/layers.cmake
        RESULT_VARIABLE result ERROR_VARIABLE errors OUTPUT_QUIET)
    if(NOT result EQUAL 0)
        message(SEND_ERROR "${name}: expected no refusal, got '${errors}'")
    endif()
endfunction()

expect_refusal(upward_include src/tariff/bill.cpp "// a bill\n\n#include \"plan/dispatch.hpp\"\n"
    "layer rule: src/tariff may not depend on src/plan (src/tariff/bill.cpp:3)")
expect_refusal(sideways_include src/series/a.hpp "#include \"site/plant.hpp\"\n"
    "layer rule: src/series may not depend on src/site (src/series/a.hpp:1)")
expect_refusal(angled_include src/base/a.cpp "#  include <service/run.hpp>\n"
    "layer rule: src/base may not depend on src/service (src/base/a.cpp:1)")
expect_refusal(foreign_library src/plan/a.cpp "#include <vector>\n#include <interfaces/highs_c_api.h>\n"
    "layer rule: src/plan may not depend on the library highs (src/plan/a.cpp:2)")
expect_refusal(unknown_layer src/helpers/a.cpp "int x;\n" "layer rule: src/helpers is not in the layer table")
expect_refusal(file_outside_layers src/a.cpp "int x;\n" "layer rule: src/a.cpp is a file")
expect_pass(allowed src/tariff/bill.cpp
    "#include <fmt/format.h>\n#include <vector>\n#include \"base/result.hpp\"\n#include \"site/plant.hpp\"\n#include \"tariff/bill.hpp\"\n")
