# Tests that run in other locales and time zones: the same rows must give the same bytes.
include_guard(GLOBAL)
add_library(take_locale MODULE ${CMAKE_CURRENT_LIST_DIR}/take_locale.cpp)
add_test(NAME abroad.locales COMMAND bash ${CMAKE_CURRENT_LIST_DIR}/make_locales.sh ${CMAKE_BINARY_DIR}/locale)
set_tests_properties(abroad.locales PROPERTIES FIXTURES_SETUP locales)

# add_tests_abroad(NAME name COMMAND command... [ENVIRONMENT variable=value...]): the command as three tests.
function(add_tests_abroad)
  cmake_parse_arguments(test "" "NAME" "COMMAND;ENVIRONMENT" ${ARGN})
  # By name, since a path in LD_PRELOAD cannot hold a space.
  set(preload LD_LIBRARY_PATH=$<TARGET_FILE_DIR:take_locale> LD_PRELOAD=$<TARGET_FILE_NAME:take_locale>)
  foreach(place IN ITEMS de_DE:America/New_York tr_TR:Asia/Kolkata de_DE:UTC)
    string(REPLACE ":" ";" place ${place})
    list(GET place 0 language)
    list(GET place 1 zone)
    set(name "${test_NAME}.${language}.${zone}")
    add_test(NAME ${name} COMMAND ${test_COMMAND})
    set_tests_properties(
      ${name}
      PROPERTIES
        FIXTURES_REQUIRED locales
        ENVIRONMENT
          "${test_ENVIRONMENT};LOCPATH=${CMAKE_BINARY_DIR}/locale;LC_ALL=${language}.UTF-8;TZ=${zone};${preload}"
        # The loader goes on without what it does not find.
        FAIL_REGULAR_EXPRESSION "cannot be preloaded;No tests executed"
    )
  endforeach()
endfunction()

# Of each kind of input one way in: what locales could change is behind it, the same for all.
add_tests_abroad(NAME c.vectors COMMAND $<TARGET_FILE:c_vectors> --gtest_filter=*HoldForCells/*:*HoldForSerializedRows/*:*HoldForArrowStreams/*)
