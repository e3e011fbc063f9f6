package mtr

// Suggest is what DeskView shows to dispatchers.
var Suggest = suggest
