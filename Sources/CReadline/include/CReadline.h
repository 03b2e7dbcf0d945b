// Public header of CReadline.
