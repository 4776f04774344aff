# LibTorch: tensors, autograd, collectives (Gloo). Debian's, or another one by CMAKE_PREFIX_PATH. Only src/gpt: it costs
# every program that is linked to it a third of a second at the start, so the program opens src/gpt as a module.
find_package(Torch REQUIRED)
add_system_library(torch ${TORCH_LIBRARIES})
separate_arguments(TORCH_CXX_FLAGS UNIX_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(dep_torch INTERFACE ${TORCH_CXX_FLAGS})
target_compile_definitions(dep_torch INTERFACE USE_C10D_GLOO)
target_include_directories(dep_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
find_library(GLOO_LIBRARY gloo)  # a part of its own on Debian only
if(GLOO_LIBRARY)
    target_link_libraries(dep_torch INTERFACE ${GLOO_LIBRARY})
endif()
# at::parallel_for is a template over OpenMP's pragmas: whoever calls it is compiled with them.
find_package(OpenMP REQUIRED)
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/gpt/optimizer.cpp PROPERTIES COMPILE_OPTIONS "${OpenMP_CXX_FLAGS}")
target_link_libraries(dep_torch INTERFACE gomp)
