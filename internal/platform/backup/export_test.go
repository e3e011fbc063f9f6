package backup

// Lock is the advisory lock, for the tests.
const Lock = lock
