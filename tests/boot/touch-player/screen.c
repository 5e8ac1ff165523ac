// SPDX-License-Identifier: GPL-3.0-or-later
//
// The picture that the display shows, whoever draws it: the memory of the frame buffer that the first lit CRTC scans out, read
// through the DRM device as root and without being its master (Linux documentation, gpu/drm-uapi).

#include "player.h"

#include <fcntl.h>
#include <libdrm/drm.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CRTCS = 8 };

static int card = -1;
static uint32_t handle;
static size_t length;

// False until the kernel has a display. Whoever opens the device first is its master, which would keep others from it.
static int open_card(void)
{
    if (card >= 0) return 1;
    card = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
    if (card < 0) return 0;
    ioctl(card, DRM_IOCTL_DROP_MASTER, 0);
    return 1;
}

// The frame buffer that is scanned out, 0 for none.
static uint32_t shown_framebuffer(void)
{
    uint32_t crtcs[CRTCS];
    struct drm_mode_card_res resources = { .crtc_id_ptr = (uintptr_t)crtcs, .count_crtcs = CRTCS };
    if (ioctl(card, DRM_IOCTL_MODE_GETRESOURCES, &resources)) return 0;
    for (uint32_t i = 0; i < resources.count_crtcs && i < CRTCS; i++) {
        struct drm_mode_crtc crtc = { .crtc_id = crtcs[i] };
        if (ioctl(card, DRM_IOCTL_MODE_GETCRTC, &crtc) == 0 && crtc.fb_id) return crtc.fb_id;
    }
    return 0;
}

static void unmap(struct screen *screen)
{
    if (screen->pixels) {
        munmap((void *)screen->pixels, length);
        ioctl(card, DRM_IOCTL_GEM_CLOSE, &(struct drm_gem_close){ .handle = handle });
    }
    *screen = (struct screen){ 0 };
}

static void map(struct screen *screen, uint32_t id)
{
    struct drm_mode_fb_cmd2 fb = { .fb_id = id };
    if (ioctl(card, DRM_IOCTL_MODE_GETFB2, &fb)) return;
    struct drm_mode_map_dumb place = { .handle = fb.handles[0] };
    size_t wanted = (size_t)fb.pitches[0] * fb.height + fb.offsets[0];
    void *memory = MAP_FAILED;
    if (ioctl(card, DRM_IOCTL_MODE_MAP_DUMB, &place) == 0)
        memory = mmap(NULL, wanted, PROT_READ, MAP_SHARED, card, (off_t)place.offset);
    if (memory == MAP_FAILED) {
        ioctl(card, DRM_IOCTL_GEM_CLOSE, &(struct drm_gem_close){ .handle = fb.handles[0] });
        return;
    }
    handle = fb.handles[0];
    length = wanted;
    *screen = (struct screen){ id, fb.width, fb.height, fb.pitches[0], fb.offsets[0], memory };
}

const struct screen *look_at_screen(void)
{
    static struct screen screen;
    if (!open_card()) return NULL;
    uint32_t id = shown_framebuffer();
    if (id != screen.id) unmap(&screen);
    if (id && !screen.pixels) map(&screen, id);
    return screen.pixels ? &screen : NULL;
}

const uint8_t *pixel_of(const struct screen *screen, uint32_t x, uint32_t y)
{
    return screen->pixels + screen->offset + (size_t)screen->stride * y + 4 * (size_t)x;
}
