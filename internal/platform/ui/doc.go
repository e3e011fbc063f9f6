// Package ui is the portal's face: the page frame and the components that
// every module's pages are made of, as templ components over the design
// system's class names.
//
// It knows nothing of requests. What a page needs of the request (who is
// signed in, the flash) travels in a [Context] that the web
// package puts into the context before rendering.
//
// Every control wires its label, hint and error by id: the control's id is
// its name (or [Control.ID]), the hint's is id-hint, the error's id-error.
// [ErrorSummary] links to the control's id.
package ui
