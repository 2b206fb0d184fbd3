"""Keeping what the app shows out of pictures: screenshots, and the one among the recent apps.

Android's `WindowManager.LayoutParams.FLAG_SECURE`, set through pyjnius on the thread that may touch
the window. Written against the published interface and tested against a fictional window; it has
not run on a device yet. Elsewhere nothing is done: a desktop has no such flag.
"""

import os
from importlib import import_module


def keep_out_of_pictures() -> None:
    """From now on, until the app ends."""
    if "ANDROID_ARGUMENT" not in os.environ:
        return
    java = import_module("jnius").autoclass

    def secure() -> None:
        flag = java("android.view.WindowManager$LayoutParams").FLAG_SECURE
        java("org.kivy.android.PythonActivity").mActivity.getWindow().addFlags(flag)

    import_module("android.runnable").run_on_ui_thread(secure)()
