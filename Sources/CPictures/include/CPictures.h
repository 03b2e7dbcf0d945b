// Public header of CPictures.
