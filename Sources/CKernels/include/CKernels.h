// Public header of CKernels.
