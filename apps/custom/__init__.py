"""Fields, objects and layouts that administrators make, without a restart."""
