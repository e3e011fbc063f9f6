//go:build deep

package e2e_test

func init() { thorough = true }
