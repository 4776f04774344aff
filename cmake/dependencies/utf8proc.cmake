# utf8proc: the classes of Unicode's characters, which cutting text for tokenizers needs. Only src/megatron.
find_path(UTF8PROC_INCLUDE utf8proc.h REQUIRED)
find_library(UTF8PROC_LIBRARY utf8proc REQUIRED)
add_system_library(utf8proc ${UTF8PROC_LIBRARY})
target_include_directories(dep_utf8proc SYSTEM INTERFACE ${UTF8PROC_INCLUDE})
