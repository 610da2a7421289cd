package mining

// FillModelFit lets tests fit the idle model on tables of their own.
var FillModelFit = (*Build).fillModelFit
