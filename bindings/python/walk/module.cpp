// trainstat._walk: draws rows of dicts as cells, and appends them, many in a call: what trainstat._packing and ts_batch_append do.
//
// The stable ABI only, which is enough: a row that is all plain (an exact dict of exact values) is drawn with the GIL held and without
// running Python code, so nothing changes under it; where Python code runs, strong references are held. Nothing is global, so
// interpreters do not meet. Those without a GIL take no modules of the stable ABI, and must not be given one.
#include <initializer_list>
#include <new>
#include <utility>

#include "drawing.hpp"

namespace walk {
namespace {

/// Belongs to one call at a time.
struct Walk {
  PyObject_HEAD Hooks hooks;
  Drawing drawing;
  PyObject* unknown;  // {row of the block: UnknownKey}
};

Walk& walk_of(PyObject* self) { return *reinterpret_cast<Walk*>(self); }

int traverse(PyObject* self, visitproc visit, void* arg) {
  Walk& walk = walk_of(self);
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(walk.hooks.types);
  Py_VISIT(walk.hooks.plain);
  Py_VISIT(walk.hooks.spelled);
  Py_VISIT(walk.hooks.plain_dict);
  Py_VISIT(walk.hooks.spread);
  Py_VISIT(walk.unknown);
  return walk.drawing.columns.traverse(visit, arg);
}

/// Breaks cycles. What the drawing refers to cannot be part of one.
int clear_cycles(PyObject* self) {
  Walk& walk = walk_of(self);
  Py_CLEAR(walk.hooks.plain);
  Py_CLEAR(walk.hooks.spelled);
  Py_CLEAR(walk.hooks.plain_dict);
  Py_CLEAR(walk.hooks.spread);
  Py_CLEAR(walk.unknown);
  return 0;
}

void dealloc(PyObject* self) {
  PyObject_GC_UnTrack(self);
  PyTypeObject* type = Py_TYPE(self);
  clear_cycles(self);
  Py_CLEAR(walk_of(self).hooks.types);
  walk_of(self).drawing.~Drawing();
  PyObject_GC_Del(self);
  Py_DECREF(type);
}

PyObject* make(PyTypeObject* type, PyObject* arguments, PyObject*) {
  PyObject *columns, *types, *spelled, *plain, *plain_dict, *spread;
  if (!PyArg_ParseTuple(arguments, "O!O!O!OOO:Walk", &PyDict_Type, &columns, &PyTuple_Type, &types, &PyDict_Type, &spelled,
                        &plain, &plain_dict, &spread)) {
    return nullptr;
  }
  if (PyTuple_Size(types) <= PyDict_Size(columns)) {
    PyErr_SetString(PyExc_ValueError, "there must be a type for each column, and one more");
    return nullptr;
  }
  Reference self(PyType_GenericAlloc(type, 0));
  if (!self) return nullptr;
  Walk& walk = walk_of(self.get());
  new (&walk.drawing) Drawing();
  for (PyObject* hook : {types, plain, spelled, plain_dict, spread}) Py_INCREF(hook);
  walk.hooks = {types, plain, spelled, plain_dict, spread};
  walk.unknown = PyDict_New();
  return walk.unknown != nullptr && walk.drawing.open(columns) ? self.release() : nullptr;
}

/// Draws one row. False with an exception.
bool draw(Walk& walk, Reference row, Py_ssize_t taken) {
  Block& block = walk.drawing.block;
  if (Py_TYPE(row.get()) != &PyDict_Type) {
    const Reference what(PyUnicode_FromFormat("element %zd", taken + static_cast<Py_ssize_t>(block.count())));
    if (!what) return false;
    row = Reference(PyObject_CallFunctionObjArgs(walk.hooks.plain_dict, row.get(), what.get(), nullptr));
    if (!row) return false;
  }
  Reference key;
  if (!walk.drawing.draw(row.get(), walk.hooks, key)) return false;
  if (!key) return true;
  const Reference number(PyLong_FromSize_t(block.count() - 1));
  return number && PyDict_SetItem(walk.unknown, number.get(), key.get()) == 0;
}

PyObject* clear(PyObject* self, PyObject*) {
  Walk& walk = walk_of(self);
  walk.drawing.block.clear();
  PyDict_Clear(walk.unknown);
  Py_RETURN_NONE;
}

PyObject* fill(PyObject* self, PyObject* arguments) {
  Walk& walk = walk_of(self);
  Py_DECREF(clear(self, nullptr));
  PyObject* rows;
  Py_ssize_t taken;
  if (!PyArg_ParseTuple(arguments, "On:fill", &rows, &taken)) return nullptr;
  if (!PyIter_Check(rows)) {
    PyErr_SetString(PyExc_TypeError, "the rows must be an iterator");
    return nullptr;
  }
  while (!walk.drawing.block.is_full()) {
    Reference row(PyIter_Next(rows));
    if (!row) return PyErr_Occurred() != nullptr ? nullptr : PyBool_FromLong(0);
    if (!draw(walk, std::move(row), taken)) return nullptr;
  }
  return PyBool_FromLong(1);
}

PyObject* count(PyObject* self, void*) { return PyLong_FromSize_t(walk_of(self).drawing.block.count()); }
PyObject* unknown(PyObject* self, void*) { return Reference::to(walk_of(self).unknown).release(); }
PyObject* block(PyObject* self, void*) { return PyLong_FromVoidPtr(&walk_of(self).drawing.block); }

/// What Python calls by its address, as a function of the library: so that the GIL is free meanwhile.
int32_t append_block(ts_report* report, const Block* block, decltype(&ts_row_append) append, uint64_t* reached,
                     ts_error* error) {
  return block->append_to(report, append, reached, error);
}

template <class Function>
void* address_of(Function* function) {
  return reinterpret_cast<void*>(function);
}

int execute(PyObject* module) {
  static PyMethodDef methods[] = {
      {"fill", fill, METH_VARARGS,
       "fill(rows, taken): draws rows of an iterator until the block is full: whether there may be more"},
      {"clear", clear, METH_NOARGS, "Forgets the rows."},
      {nullptr, nullptr, 0, nullptr},
  };
  static PyGetSetDef members[] = {
      {"count", count, nullptr, "The rows that are drawn.", nullptr},
      {"unknown", unknown, nullptr, "By row: a key that no column has.", nullptr},
      {"block", block, nullptr, "The address of the rows.", nullptr},
      {nullptr, nullptr, nullptr, nullptr, nullptr},
  };
  PyType_Slot slots[] = {
      {Py_tp_new, address_of(make)},
      {Py_tp_dealloc, address_of(dealloc)},
      {Py_tp_traverse, address_of(traverse)},
      {Py_tp_clear, address_of(clear_cycles)},
      {Py_tp_methods, methods},
      {Py_tp_getset, members},
      {0, nullptr},
  };
  PyType_Spec spec = {"trainstat._walk.Walk", sizeof(Walk), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};
  const Reference type(PyType_FromModuleAndSpec(module, &spec, nullptr));
  const Reference address(PyLong_FromVoidPtr(address_of(append_block)));
  if (!type || !address || PyModule_AddObjectRef(module, "Walk", type.get()) != 0) return -1;
  return PyModule_AddObjectRef(module, "append_block", address.get());
}

}  // namespace
}  // namespace walk

PyMODINIT_FUNC PyInit__walk() {
  static PyModuleDef_Slot slots[] = {{Py_mod_exec, walk::address_of(walk::execute)}, {0, nullptr}};
  static PyModuleDef definition = {
      PyModuleDef_HEAD_INIT, "trainstat._walk", "Draws rows of dicts.", 0, nullptr, slots, nullptr, nullptr, nullptr};
  return PyModuleDef_Init(&definition);
}
