#include "CHDF5.h"

#include <hdf5/serial/hdf5.h>
#include <stdio.h>

int chdf5_start(void) {
  if (H5open() < 0 || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0) return -1;
  return H5PLset_loading_state(0) < 0 ? -1 : 0;
}

int64_t chdf5_open(void *bytes, size_t count) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (access < 0) return -1;
  // The driver for files in memory, with steps of 1 MiB and nothing written back; then the name means nothing.
  if (H5Pset_fapl_core(access, 1 << 20, 0) < 0 || H5Pset_file_image(access, bytes, count) < 0) return -1;
  const hid_t file = H5Fopen("image", H5F_ACC_RDONLY, access);
  if (file >= 0) H5Pclose(access);
  return file;
}

static chdf5_type type_of(hid_t type) {
  const struct {
    chdf5_type type;
    hid_t little, big;
  } known[] = {
      {chdf5_float32, H5T_IEEE_F32LE, H5T_IEEE_F32BE}, {chdf5_float64, H5T_IEEE_F64LE, H5T_IEEE_F64BE},
      {chdf5_int8, H5T_STD_I8LE, H5T_STD_I8BE},        {chdf5_uint8, H5T_STD_U8LE, H5T_STD_U8BE},
      {chdf5_int16, H5T_STD_I16LE, H5T_STD_I16BE},     {chdf5_uint16, H5T_STD_U16LE, H5T_STD_U16BE},
      {chdf5_int32, H5T_STD_I32LE, H5T_STD_I32BE},     {chdf5_uint32, H5T_STD_U32LE, H5T_STD_U32BE},
      {chdf5_int64, H5T_STD_I64LE, H5T_STD_I64BE},     {chdf5_uint64, H5T_STD_U64LE, H5T_STD_U64BE},
  };
  for (size_t index = 0; index < sizeof known / sizeof *known; index++) {
    if (H5Tequal(type, known[index].little) > 0 || H5Tequal(type, known[index].big) > 0) return known[index].type;
  }
  return chdf5_other;
}

static hid_t memory_type(chdf5_type type) {
  switch (type) {
    case chdf5_float32: return H5T_IEEE_F32LE;
    case chdf5_float64: return H5T_IEEE_F64LE;
    case chdf5_int8: return H5T_STD_I8LE;
    case chdf5_uint8: return H5T_STD_U8LE;
    case chdf5_int16: return H5T_STD_I16LE;
    case chdf5_uint16: return H5T_STD_U16LE;
    case chdf5_int32: return H5T_STD_I32LE;
    case chdf5_uint32: return H5T_STD_U32LE;
    case chdf5_int64: return H5T_STD_I64LE;
    case chdf5_uint64: return H5T_STD_U64LE;
    case chdf5_other: break;
  }
  return H5I_INVALID_HID;
}

static int describe_shape(hid_t space, chdf5_facts *facts) {
  facts->rank = -1;
  const int rank = H5Sget_simple_extent_ndims(space);
  if (H5Sget_simple_extent_type(space) != H5S_SIMPLE || rank > chdf5_most_axes) return 0;
  hsize_t shape[chdf5_most_axes];
  if (rank < 0 || H5Sget_simple_extent_dims(space, shape, NULL) < 0) return -1;
  for (int axis = 0; axis < rank; axis++) facts->shape[axis] = shape[axis];
  facts->rank = rank;
  return 0;
}

static int describe_storage(hid_t properties, hid_t type, chdf5_facts *facts) {
  const H5D_layout_t layout = H5Pget_layout(properties);
  if (layout < 0) return -1;
  const int external = layout == H5D_CONTIGUOUS ? H5Pget_external_count(properties) : 0;
  if (external < 0) return -1;
  facts->is_inside = layout != H5D_VIRTUAL && external == 0;
  if (layout == H5D_CHUNKED) {
    hsize_t chunk[chdf5_most_axes];
    const int rank = H5Pget_chunk(properties, chdf5_most_axes, chunk);
    if (rank < 0) return -1;
    // A chunk has fewer than 2^32 bytes by its format; a damaged one is as long as can be said.
    uint64_t bytes = H5Tget_size(type);
    for (int axis = 0; axis < rank && axis < chdf5_most_axes; axis++) {
      if (__builtin_mul_overflow(bytes, chunk[axis], &bytes)) bytes = UINT64_MAX;
    }
    facts->chunk_bytes = bytes;
  }
  const int filters = H5Pget_nfilters(properties);
  if (filters < 0) return -1;
  facts->filter_count = filters <= chdf5_most_filters ? filters : -1;
  for (int index = 0; index < facts->filter_count; index++) {
    unsigned flags, configuration;
    size_t values = 0;
    facts->filters[index] = H5Pget_filter2(properties, (unsigned)index, &flags, &values, NULL, 0, NULL, &configuration);
  }
  return 0;
}

int chdf5_describe(int64_t file, const char *name, chdf5_facts *facts) {
  *facts = (chdf5_facts){0};
  const htri_t is_there = H5Lexists(file, name, H5P_DEFAULT);
  if (is_there <= 0) return is_there;
  H5L_info_t link;
  if (H5Lget_info(file, name, &link, H5P_DEFAULT) < 0) return -1;
  facts->is_hard_link = link.type == H5L_TYPE_HARD;
  if (!facts->is_hard_link) return 1;
  const hid_t object = H5Oopen(file, name, H5P_DEFAULT);
  if (object < 0) return -1;
  facts->is_dataset = H5Iget_type(object) == H5I_DATASET;
  if (!facts->is_dataset) return H5Oclose(object) < 0 ? -1 : 1;
  const hid_t type = H5Dget_type(object), space = H5Dget_space(object), properties = H5Dget_create_plist(object);
  if (type < 0 || space < 0 || properties < 0) return -1;
  facts->type = type_of(type);
  if (describe_shape(space, facts) < 0 || describe_storage(properties, type, facts) < 0) return -1;
  H5Pclose(properties);
  H5Sclose(space);
  H5Tclose(type);
  return H5Oclose(object) < 0 ? -1 : 1;
}

int chdf5_read(int64_t file, const char *name, chdf5_type type, void *buffer) {
  const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
  if (dataset < 0) return -1;
  const herr_t status = H5Dread(dataset, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
  return H5Dclose(dataset) < 0 || status < 0 ? -1 : 0;
}

// The first report of a stack that is walked upwards is the innermost one.
static herr_t keep_first(unsigned position, const H5E_error2_t *report, void *message) {
  if (position == 0 && report->desc) snprintf(message, chdf5_message_length, "%s", report->desc);
  return 0;
}

void chdf5_failure(char message[chdf5_message_length]) {
  message[0] = 0;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, message);
}
