//go:build deep

package demo_test

func init() { thorough = true }
