# Third-party libraries: one file each, one target each (`dep::<name>`). Those of dependencies.lock lie in the cache that
# script/setup fills; the others are Debian packages.
if(LOADSTAR_CACHE)
    set(cache ${LOADSTAR_CACHE})
elseif(DEFINED ENV{LOADSTAR_CACHE})
    set(cache $ENV{LOADSTAR_CACHE})
elseif(DEFINED ENV{XDG_CACHE_HOME})
    set(cache $ENV{XDG_CACHE_HOME}/loadstar)
else()
    set(cache $ENV{HOME}/.cache/loadstar)
endif()
set(LOADSTAR_CACHE ${cache} CACHE PATH "Folder that script/setup fills with the libraries of dependencies.lock")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/dependencies.lock)

# Sets <out> to the folder of one pinned dependency in the cache.
function(pinned_prefix name out)
    file(STRINGS ${CMAKE_SOURCE_DIR}/dependencies.lock lines REGEX "^${name} ")
    if(NOT lines MATCHES "^${name} +([^ ]+)")
        message(FATAL_ERROR "dependencies.lock has no line for ${name}")
    endif()
    set(prefix ${LOADSTAR_CACHE}/${name}-${CMAKE_MATCH_1})
    if(NOT EXISTS ${prefix}/.complete)
        message(FATAL_ERROR "${name} ${CMAKE_MATCH_1} is not in ${LOADSTAR_CACHE}: run script/setup")
    endif()
    set(${out} ${prefix} PARENT_SCOPE)
endfunction()

# Defines dep::<name> as the shared library <file> of a pinned dependency. The library is placed in lib/ of the build
# folder (a hard link where the file system allows it), so that the folder can be moved.
function(add_pinned_library name file)
    pinned_prefix(${name} prefix)
    set(placed ${CMAKE_BINARY_DIR}/lib/${file})
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
    file(CREATE_LINK ${prefix}/lib/${file} ${placed} COPY_ON_ERROR)
    add_library(dep::${name} SHARED IMPORTED GLOBAL)
    set_target_properties(dep::${name} PROPERTIES
        IMPORTED_LOCATION ${placed}
        IMPORTED_SONAME ${file}
        INTERFACE_INCLUDE_DIRECTORIES ${prefix}/include)
endfunction()

# Defines dep::<name> as another name for targets that a package of the system brought.
function(add_system_library name)
    add_library(dep_${name} INTERFACE)
    target_link_libraries(dep_${name} INTERFACE ${ARGN})
    add_library(dep::${name} ALIAS dep_${name})
endfunction()

foreach(name IN ITEMS benchmark cli11 date duckdb eigen fmt googletest highs lightgbm nlohmann_json openssl spdlog sqlite
        tomlplusplus torch utf8proc zlib zstd)
    include(${CMAKE_CURRENT_LIST_DIR}/dependencies/${name}.cmake)
endforeach()
