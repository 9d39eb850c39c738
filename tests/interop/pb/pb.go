// Package pb is the parent of the code generated from the project's .proto
// files for CVT's three plugin services.
package pb

//go:generate go -C ../gen run .
